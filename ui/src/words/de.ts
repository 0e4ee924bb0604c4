/** German, to a person: du. Every text that English has. */

import { actions } from './de/actions';
import { activity } from './de/activity';
import { background } from './de/background';
import { browser } from './de/browser';
import { cards } from './de/cards';
import { causes } from './de/causes';
import { checks } from './de/checks';
import { chosen } from './de/chosen';
import { compare } from './de/compare';
import { destinations } from './de/destinations';
import { drops } from './de/drops';
import { errands } from './de/errands';
import { find } from './de/find';
import { folders } from './de/folders';
import { frame } from './de/frame';
import { photo } from './de/photo';
import { settings } from './de/settings';
import { trial } from './de/trial';
import type { en } from './en';

export const de: typeof en = {
  actions,
  activity,
  background,
  browser,
  cards,
  causes,
  checks,
  chosen,
  compare,
  destinations,
  drops,
  errands,
  find,
  folders,
  frame,
  photo,
  settings,
  trial,
};
