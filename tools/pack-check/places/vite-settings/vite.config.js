export default {
  optimizeDeps: {
    exclude: ['diptych', '@diptych/backend-wasm', '@diptych/model-emoji', '@diptych/preprocessing'],
    include: [
      'diptych > @tensorflow/tfjs-core',
      'diptych > @diptych/backend-wasm > @tensorflow/tfjs-backend-wasm',
      'diptych > @diptych/backend-wasm > @tensorflow/tfjs-backend-cpu',
    ],
  },
};
