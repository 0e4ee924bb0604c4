/** The files of what was dropped on a page, those in folders included. */

export interface Dropped {
  readonly files: readonly File[];
  /** Names of files and folders that the browser could not read. */
  readonly unread: readonly string[];
}

/** Read at once: after the event's end a browser has forgotten what was dropped. */
export async function filesOf(dropped: DataTransfer): Promise<Dropped> {
  const entries: FileSystemEntry[] = [];
  const files: File[] = [];
  const unread: string[] = [];
  for (const item of dropped.items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    const file = item.kind === 'file' && entry === null ? item.getAsFile() : null;
    if (entry) entries.push(entry);
    if (file) files.push(file);
  }
  for (const entry of entries) await gather(entry, files, unread);
  return { files, unread };
}

/** One that cannot be read takes no other with it. */
async function gather(entry: FileSystemEntry, files: File[], unread: string[]): Promise<void> {
  // What the system hides from people is not dropped by them.
  if (entry.name.startsWith('.')) return;
  try {
    if (isFile(entry)) {
      files.push(await new Promise<File>((done, failed) => entry.file(done, failed)));
    } else if (isFolder(entry)) {
      const reader = entry.createReader();
      for (;;) {
        // It tells some at a time, and ends with none.
        const some = await new Promise<FileSystemEntry[]>((done, failed) =>
          reader.readEntries(done, failed),
        );
        if (some.length === 0) return;
        for (const one of some) await gather(one, files, unread);
      }
    }
  } catch {
    unread.push(entry.name);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
