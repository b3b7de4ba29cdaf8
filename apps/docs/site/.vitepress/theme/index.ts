import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import BrowserBench from './browser-bench.vue';
import ErrorCodes from './error-codes.vue';
import Figure from './figure.vue';
import Home from './home.vue';
import ModelTable from './model-table.vue';
import SamplePhotos from './sample-photos.vue';
import SpeedChart from './speed-chart.vue';
import Thrown from './thrown.vue';
// oxlint-disable-next-line import/no-unassigned-import -- The theme's styles.
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    const components = { BrowserBench, ErrorCodes, Figure, Home, ModelTable, SamplePhotos, SpeedChart, Thrown };
    for (const [name, component] of Object.entries(components)) app.component(name, component);
  },
} satisfies Theme;
