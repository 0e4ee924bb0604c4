/**
 * Every text of the interface, in one place, so that another language is another catalogue.
 *
 * Plain sentences, present tense, second person; no codes, no exclamation marks. Words that
 * depend on a number go through `Intl.PluralRules`, names stand in italics.
 */

import { actions } from './words/actions';
import { activity } from './words/activity';
import { causes } from './words/causes';
import { destinations } from './words/destinations';
import { drops } from './words/drops';
import { folders } from './words/folders';
import { frame } from './words/frame';
import { photo } from './words/photo';

export const words = {
  actions,
  activity,
  causes,
  destinations,
  drops,
  folders,
  frame,
  photo,
} as const;
