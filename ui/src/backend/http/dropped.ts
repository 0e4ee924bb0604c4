/** The files of what was dropped on a page, those in folders included. */

/** Read at once: after the event's end a browser has forgotten what was dropped. */
export function filesOf(dropped: DataTransfer): Promise<File[]> {
  const entries: FileSystemEntry[] = [];
  const plain: File[] = [];
  for (const item of dropped.items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    const file = item.kind === 'file' && entry === null ? item.getAsFile() : null;
    if (entry) entries.push(entry);
    if (file) plain.push(file);
  }
  return Promise.all(entries.map(below)).then((files) => [...plain, ...files.flat()]);
}

async function below(entry: FileSystemEntry): Promise<File[]> {
  // What the system hides from people is not dropped by them.
  if (entry.name.startsWith('.')) return [];
  if (isFile(entry)) return [await new Promise<File>((done, failed) => entry.file(done, failed))];
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: File[] = [];
  for (;;) {
    // It tells some at a time, and ends with none.
    const some = await new Promise<FileSystemEntry[]>((done, failed) =>
      reader.readEntries(done, failed),
    );
    if (some.length === 0) return files;
    for (const one of some) files.push(...(await below(one)));
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
