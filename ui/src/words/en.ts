/** English: it says which texts there are. */

import { actions } from './en/actions';
import { activity } from './en/activity';
import { background } from './en/background';
import { browser } from './en/browser';
import { cards } from './en/cards';
import { causes } from './en/causes';
import { checks } from './en/checks';
import { chosen } from './en/chosen';
import { compare } from './en/compare';
import { destinations } from './en/destinations';
import { drops } from './en/drops';
import { errands } from './en/errands';
import { find } from './en/find';
import { folders } from './en/folders';
import { frame } from './en/frame';
import { photo } from './en/photo';
import { settings } from './en/settings';
import { trial } from './en/trial';

export const en = {
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
