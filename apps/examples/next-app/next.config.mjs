export default { serverExternalPackages: ['diptych', '@diptych/model-emoji'] };
