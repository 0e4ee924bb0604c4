/** Specs see a system that prefers no language, whatever the machine's is: so English of Britain. */

Object.defineProperty(globalThis, 'navigator', { value: { languages: [] }, configurable: true });
