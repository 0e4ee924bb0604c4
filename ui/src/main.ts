import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import Window from './app/Window.svelte';
import { connect } from './backend/connect';
import { Trial } from './trial/trial.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html holds an #app');
const backend = await connect();
const trial = new Trial(backend);
await trial.look();
mount(Window, { target, props: { backend, trial } });
