// The keyboard's way through the page as it is now. A body of a function: with nothing it tells
// how many stops there are; with 'now' it tells where the focus is, and what is wrong with that.

const isStop = (element) =>
  element.tabIndex >= 0 &&
  !element.disabled &&
  element.closest('[inert]') === null &&
  element.checkVisibility({ visibilityProperty: true });

/** Of several radios Tab reaches one. */
const isReached = (element, _, all) =>
  element.type !== 'radio' ||
  element.checked ||
  (!all.some((other) => other.name === element.name && other.checked) &&
    element === all.find((other) => other.name === element.name));

const name = (element) =>
  `<${element.tagName.toLowerCase()}> ${JSON.stringify(
    (element.getAttribute('aria-label') ?? element.innerText ?? '').trim().slice(0, 40) || element.name,
  )}`;

const stops = [...document.querySelectorAll('button, input, select, textarea, summary, a[href], [tabindex]')]
  .filter(isStop)
  .filter(isReached);

if (arguments[0] !== 'now') return stops.map(name);

const at = document.activeElement;
if (at === document.body || at === null) return { at: null, wrong: null };

const isRinged = (element) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
};
/** What shows the focus: a control that is itself unseen has its label show it, a field its frame. */
const framed = !isRinged(at) && at.matches('input') && isRinged(at.parentElement);
const shows = getComputedStyle(at).opacity === '0' ? at.closest('label') : framed ? at.parentElement : at;
const style = getComputedStyle(shows);
const box = shows.getBoundingClientRect();
/** Half of the two rings; the other half is a shadow, which the system's own controls cannot have. */
const inner = getComputedStyle(document.documentElement).getPropertyValue('--focus-inner').trim();
const ring = isRinged(shows);
const inside =
  box.left >= 0 && box.right <= innerWidth + 1 && box.bottom > 0 && box.top < innerHeight && box.width > 0;
const top = document.elementFromPoint((box.left + box.right) / 2, Math.min(innerHeight - 2, Math.max(1, (box.top + box.bottom) / 2)));
const covered = top !== null && !shows.contains(top) && !top.contains(shows);

const wrong = [
  ...(at.matches(':focus-visible') && ring ? [] : ['has no ring']),
  ...(style.boxShadow === 'none' && style.outlineColor === inner ? ['has a ring that only dark paper shows'] : []),
  ...(inside ? [] : [`is out of sight at ${JSON.stringify(box)}`]),
  ...(covered ? [`is below ${name(top)}`] : []),
];
return { at: name(at), wrong: wrong.length > 0 ? `${name(at)} ${wrong.join(', ')}` : null };
