/** Trying imgn out with sample photos. */

import type { trial as english } from '../en/trial';
import { say } from '../sentence';

export const trial: typeof english = {
  start: 'Mit Beispielfotos ausprobieren',
  title: 'Probe',
  safePlace: 'Sicherer Ort',
  these: say`Das sind Beispielfotos, für diese Probe gezeichnet. Wenn sie endet, verschwinden sie und alles, was du hier hinzufügst, von diesem Rechner; deine eigenen Fotos bleiben, wie sie sind.`,
  drawing: 'Beispielfotos werden gezeichnet',
  drawingLesson: say`Die ersten erscheinen gleich und werden gesichert, während du zusiehst.`,
  ending: say`Die Probe wird weggeräumt…`,
  end: 'Probe beenden',
};
