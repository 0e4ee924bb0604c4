// What does not fit in the page as it is now: text that is cut off, goes out of the window, or
// has something else over it. A body of a function that returns sentences.
//
// Names from outside (in <em> or <bdi>) may end in an ellipsis; nothing else may.

const found = [];

const said = (element) =>
  `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ` +
  `${JSON.stringify(element.textContent.trim().slice(0, 60))}`;

const cut = (style) => /hidden|clip/.test(`${style.overflowX} ${style.overflowY}`);

/** Text nodes of its own that are more than blanks. */
const texts = (element) =>
  [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim() !== '');

const isName = (element) =>
  element.closest('em, bdi') !== null ||
  (element.querySelector('em, bdi') !== null &&
    [...element.childNodes].every((node) => node.nodeType !== 3 || node.data.trim() === ''));

const isSeen = (element) =>
  element.closest('[inert], .unseen, option') === null &&
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

/** The part of the window in which an element can be seen at all, after all that scrolls or cuts. */
function opening(element) {
  const open = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  for (let at = element.parentElement; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.overflow === 'visible') continue;
    const box = at.getBoundingClientRect();
    open.left = Math.max(open.left, box.left);
    open.top = Math.max(open.top, box.top);
    open.right = Math.min(open.right, box.right);
    open.bottom = Math.min(open.bottom, box.bottom);
  }
  return open;
}

/** What stays where it is while the rest scrolls below it. */
function isSticky(element) {
  for (let at = element; at; at = at.parentElement) {
    if (getComputedStyle(at).position === 'sticky') return true;
  }
  return false;
}

/** What a person opened over the rest. */
const floats = (element) => element.closest('[role=menu], [role=dialog]') !== null;

const HOLDERS = 'button, label, summary, article, li, header, form, [role=menu], [role=dialog], main';

const root = document.scrollingElement;
if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) {
  found.push(`the page is ${root.scrollWidth}×${root.scrollHeight} in a window of ${innerWidth}×${innerHeight}`);
}

for (const element of document.body.querySelectorAll('*')) {
  if (!isSeen(element)) continue;
  const style = getComputedStyle(element);
  const wide = element.scrollWidth - element.clientWidth;
  const high = element.scrollHeight - element.clientHeight;
  const holds = texts(element).length > 0 || cut(style);
  const block = holds && style.display !== 'inline' && element.clientWidth > 0;
  if (block && wide > 1 && style.overflowX !== 'auto' && style.overflowX !== 'scroll' && !isName(element)) {
    // A field scrolls what is typed into it.
    if (!/^(INPUT|TEXTAREA)$/.test(element.tagName)) found.push(`wider than its box by ${wide}: ${said(element)}`);
  }
  if (block && high > 1 && cut(style) && texts(element).length > 0 && !isName(element)) {
    found.push(`higher than its box by ${high}: ${said(element)}`);
  }
  for (const text of texts(element)) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const open = opening(element);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || isName(element)) continue;
      // Above and below it may be scrolled; to the left and right it may not.
      if (box.left < open.left - 1 || box.right > open.right + 1) {
        found.push(`out of sight at the side: ${said(element)}`);
        break;
      }
      const holder = element.closest(HOLDERS)?.getBoundingClientRect();
      if (holder && style.position !== 'absolute' && (box.left < holder.left - 1 || box.right > holder.right + 1)) {
        found.push(`out of its box: ${said(element)}`);
        break;
      }
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      if (y < open.top + 1 || y > open.bottom - 1 || style.pointerEvents === 'none') continue;
      const top = document.elementFromPoint(x, y);
      if (top && top !== element && !top.contains(element) && !element.contains(top) && !isSticky(top) && !floats(top)) {
        found.push(`${said(top)} lies over ${said(element)}`);
        break;
      }
    }
  }
}
return [...new Set(found)];
