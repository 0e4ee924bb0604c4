/** English: it says which texts there are. */

import { actions } from './en/actions';
import { activity } from './en/activity';
import { background } from './en/background';
import { causes } from './en/causes';
import { chosen } from './en/chosen';
import { destinations } from './en/destinations';
import { drops } from './en/drops';
import { find } from './en/find';
import { folders } from './en/folders';
import { frame } from './en/frame';
import { photo } from './en/photo';

export const en = {
  actions,
  activity,
  background,
  causes,
  chosen,
  destinations,
  drops,
  find,
  folders,
  frame,
  photo,
};
