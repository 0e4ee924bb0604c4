import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import { connect } from './backend/connect';

const target = document.getElementById('app');
if (!target) throw new Error('index.html holds an #app');
const connection = await connect();
if (connection.kind === 'window') {
  const { backend } = connection;
  const [{ default: Window }, { Trial }] = await Promise.all([
    import('./app/Window.svelte'),
    import('./trial/trial.svelte'),
  ]);
  const trial = new Trial(backend);
  await trial.look();
  mount(Window, { target, props: { backend, trial } });
} else {
  const { visit } = connection;
  const { default: Browser } = await import('./browser/Browser.svelte');
  mount(Browser, { target, props: { visit } });
}
