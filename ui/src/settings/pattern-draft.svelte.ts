/**
 * Patterns while they are being written: what they would do is said as one types, and they hold when the
 * person says so.
 *
 * **Invariant:** what is shown is of the patterns that stand there now, or is said to be on its way.
 */

import type { LibraryState } from '../app/library.svelte';
import { type Failure, failure } from '../backend/backend';
import type { PatternPreview } from '../backend/types/PatternPreview';
import type { Settings } from '../backend/types/Settings';

/** A pause in typing after which patterns are tried. */
const PAUSE_MS = 150;

interface Rules {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export class PatternDraft {
  include = $state('');
  exclude = $state('');
  broken = $state.raw<Failure | null>(null);
  #seen = $state.raw<{ of: string; preview: PatternPreview } | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly rules: Rules = $derived({ include: lines(this.include), exclude: lines(this.exclude) });
  readonly #said = $derived(JSON.stringify(this.rules));
  /** Null: they are being tried. */
  readonly preview: PatternPreview | null = $derived(
    this.#seen?.of === this.#said ? this.#seen.preview : null,
  );
  /** What is in force says the same. */
  readonly inUse: boolean = $derived.by(() => JSON.stringify(this.#inForce()) === this.#said);
  readonly usable = $derived(!this.inUse && this.preview?.kind !== 'wrong');

  /** Without a folder, the patterns of all. */
  constructor(
    private readonly library: LibraryState,
    private readonly folder: string | null,
  ) {
    const { include, exclude } = this.#inForce();
    this.include = include.join('\n');
    this.exclude = exclude.join('\n');
  }

  /** Tries what stands there, after a pause in typing. */
  look(): () => void {
    const of = this.#said;
    const { include, exclude } = this.rules;
    this.#asked += 1;
    const asked = this.#asked;
    this.#timer = setTimeout(async () => {
      try {
        const preview = await this.library.backend.previewPatterns(this.folder, include, exclude);
        if (this.#asked === asked && preview.kind !== 'superseded') this.#seen = { of, preview };
        this.broken = null;
      } catch (thrown) {
        if (this.#asked === asked) this.broken = failure(thrown);
      }
    }, PAUSE_MS);
    return () => clearTimeout(this.#timer);
  }

  /** Whether they hold from now on. */
  async use(): Promise<boolean> {
    const settings = this.library.settings;
    if (!settings) return false;
    try {
      await this.library.change(this.#changed(settings));
      this.broken = null;
      return true;
    } catch (thrown) {
      this.broken = failure(thrown);
      return false;
    }
  }

  #inForce(): Rules {
    const settings = this.library.settings;
    const rules =
      this.folder === null
        ? settings?.photos
        : settings?.folder.find(({ path }) => path === this.folder);
    return { include: rules?.include ?? [], exclude: rules?.exclude ?? [] };
  }

  #changed(settings: Settings): Settings {
    const include = [...this.rules.include];
    const exclude = [...this.rules.exclude];
    if (this.folder === null) return { ...settings, photos: { include, exclude } };
    const rules = { path: this.folder, include, exclude };
    const at = settings.folder.findIndex(({ path }) => path === rules.path);
    const none = include.length + exclude.length === 0;
    const before = at < 0 ? settings.folder : settings.folder.slice(0, at);
    const after = at < 0 ? [] : settings.folder.slice(at + 1);
    return { ...settings, folder: [...before, ...(none ? [] : [rules]), ...after] };
  }
}

/** Blank lines say nothing. A space at an end may be meant, and is the pattern's. */
function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
