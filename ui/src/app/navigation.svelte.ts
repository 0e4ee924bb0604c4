/** Which view is shown. */

/** Those that are always at hand. */
export const VIEWS = ['photos', 'activity', 'storage', 'settings'] as const;
export type MainView = (typeof VIEWS)[number];
export type View = MainView | 'compare';

/** Where a view is found from. */
export function mainOf(view: View): MainView {
  return view === 'compare' ? 'storage' : view;
}

export class Navigation {
  view = $state<View>('photos');

  go(view: View): void {
    this.view = view;
  }
}
