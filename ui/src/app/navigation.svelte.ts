/** Which view is shown. */

export const VIEWS = ['photos', 'activity', 'storage', 'settings'] as const;
export type View = (typeof VIEWS)[number];

export class Navigation {
  view = $state<View>('photos');

  go(view: View): void {
    this.view = view;
  }
}
