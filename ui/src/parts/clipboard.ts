/**
 * Puts a text that is still to come on the clipboard.
 *
 * The system allows it only while a click counts, which may be over when the text is there: so the
 * promise itself is handed over where that is possible.
 */
export async function keep(text: Promise<string>): Promise<void> {
  const { clipboard } = navigator;
  if (typeof ClipboardItem === 'undefined') return clipboard.writeText(await text);
  const blob = text.then((ready) => new Blob([ready], { type: 'text/plain' }));
  try {
    await clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
  } catch {
    // Not every webview takes a promise; the click may count yet.
    await clipboard.writeText(await text);
  }
}
