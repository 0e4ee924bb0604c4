/** English: it says which texts there are. */

import { actions } from './en/actions';
import { activity } from './en/activity';
import { background } from './en/background';
import { causes } from './en/causes';
import { checks } from './en/checks';
import { destinations } from './en/destinations';
import { drops } from './en/drops';
import { errands } from './en/errands';
import { folders } from './en/folders';
import { frame } from './en/frame';
import { photo } from './en/photo';

export const en = {
  actions,
  activity,
  background,
  causes,
  checks,
  destinations,
  drops,
  errands,
  folders,
  frame,
  photo,
};
