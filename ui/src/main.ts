import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { connect } from './backend/connect';

const target = document.getElementById('app');
if (!target) throw new Error('index.html holds an #app');
mount(App, { target, props: { backend: await connect() } });
