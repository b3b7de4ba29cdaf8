/**
 * Exported functions that take no signal, and why none is missed: what they do is bounded, or goes on only while somebody
 * asks for more. Who adds one says here which, or gives it a signal and a line of `long-operations.test.ts`.
 */
const short: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alignment: {
    'a loss of one batch, its parameters, or the gradient':
      'affinityDivergence affinityMimicking alignmentUniformity angle arcFace barlowTwins batchAllTriplet batchHardTriplet batchSemiHardTriplet cachedGradients chunkedInfoNce chunkedSiglip chunkedVsepp circle clipKd cosent cosineDistillation dannLearningRate dannWeight deepCca deepCcaAutoencoder deepGcca devise discriminate fallingNegatives gist hardNegativeInfoNce hinge infoNce infoNceObjective infoNceSpec lossGradients marginMse matryoshka mobileClipDistillation modalityDiscriminatorSpec modalityLoss multiPositive multiSimilarity nPair ntXent order orderEmbedding orderScores pairContrastive pairObjective proxiesSpec proxyAnchor proxyNca proxyObjective reverseGradient rowMemory siglip siglipObjective siglipSpec supCon totalCorrelation uniformity vicReg vse0 vsepp',
    'one step of an optimiser, or its rule':
      'adagrad adam adamW clampVariable clipGradients decaysWeight globalNorm movingAverage optimizer sgd stepDecay trainStep warmupCosine',
    'one pass over moments or weights of their size': 'mergeMoments relativeRidge weightedView',
    'reads what a training said': 'historyOf',
  },
  algebra: { 'what it gives computes in pieces, or one block of scores': 'linearAlgebra scoreKernel' },
  checkpoint: { 'one pass over the bytes': 'encodeSafetensors quantized' },
  core: {
    'looks at an argument, or at a text for a message':
      'EmbeddingError addressOf checkSize classPrompts configReader expectDtype expectFields expectFunction expectItems expectList expectMembers expectObjects expectPrecision expectRows expectText expectTexts expectVersion kindOf printable quote refuseSettings usable withoutPasswords',
    'looks at or sets one member of a backend': 'provideWeights weightStoreOf',
    'judged before it is parsed': 'isObject parseJson parseJsonObject',
    'one pass over rows':
      'TopK classRows columnMeans crc32 dequantize floatTable inverseNorms quantize reciprocalRankFusion seededRandom subtractRow unitRows',
    'every row with every row, all of which the caller has room for': 'cosineSimilarity orderSimilarity',
    'gives its pieces to inTurns, or is for what may not wait': 'atOnce pieces',
    'goes on while somebody asks for more': 'batches',
    'passes its signal on to partsOfBody': 'blobOfBody bytesOfBody',
  },
  datasets: {
    'goes on while somebody asks for more': 'groupBatches inSplit pairs shuffleStream',
    'one pass over numbers, or over those of one batch with each other': 'permutation sameGroup shuffled',
  },
  diptych: {
    'compares a configuration with itself': 'configReader dualEncoderPlan',
    'core and files have it': 'EmbeddingError blobFiles',
  },
  evaluation: {
    'the first k of one ranking':
      'atLevel averagePrecisionAt exponentialGain hitAt interpolatedPrecision ndcgAt precisionAt rPrecision recallAt reciprocalRankAt',
    'a few passes over one number a query': 'captionMetrics geometricMean rankMetrics',
    'one pass over rows': 'alignment classRows modalityGap unitRows',
    'computes a block when it is asked for one': 'classScores cosineScores dotScores matrixScores orderScores',
    'as many texts as classes': 'classPrompts',
  },
  files: {
    'opens nothing before it is read': 'blobFiles hub',
    'looks at a path': 'isRelativePath relativePath',
  },
  preprocessing: {
    'looks at an item': 'isFar isImageInput',
    'one image':
      'centerCrop cmykToRgb decodeImage flatten imageSize normalizePixels openClipImageProcessor pad parseImageProcessor resizeImage shortestEdgeSize toGrey toRgb',
    'one batch': 'joinImages',
    'files of one tokenizer, judged before they are parsed':
      'bertTokenizer clipTokenizer jsonTokenizer parseTokenizer siglip2Tokenizer siglipTokenizer vocabularyTokenizer',
    'some microseconds a text': 'captionVocabulary captionWords sparseTfIdf tfIdf wordWeights',
  },
  report: {
    'writes a report of one sample': 'markdownTable mixedModalityMarkdown reportFiles reportMarkdown reportPlots svg',
  },
  retrieval: {
    'reads one filter or query, or adds up the rows of one': 'compileFilter parseQuery queryRow',
    'one batch of queries at a time': 'exactSearch int8Search maxSim maxSimSearch prefixSearch signSearch',
    'sorts a few files': 'byWorth worthOver',
    'one pass over clusters, and some hundred words': 'clusterMembers nameClusters suggestedClusters',
    'its methods take one': 'indexedDbStore memoryStore storageStore',
  },
  search: { 'one block of a search': 'searchKernels' },
  wasm: { 'sets up once': 'defaultBackend useBackend' },
};

/** `package: name` of each. */
export const shortFunctions: readonly string[] = Object.entries(short).flatMap(([name, reasons]) =>
  Object.values(reasons).flatMap((members) => members.split(' ').map((member) => `${name}: ${member}`)),
);
