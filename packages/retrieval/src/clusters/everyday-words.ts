/** Things, places and scenes of everyday photos, in English: names for clusters where the user has none. */
export const everydayWords: readonly string[] =
  `dog puppy cat kitten horse cow sheep goat pig rabbit elephant lion tiger bear wolf fox deer monkey zebra giraffe kangaroo koala panda
camel squirrel hedgehog mouse bat duck swan chicken eagle owl parrot penguin flamingo pigeon fish shark whale dolphin octopus crab lobster
jellyfish turtle snake lizard frog crocodile butterfly bee spider ant beetle snail tree forest flower rose sunflower tulip grass leaf cactus
mushroom garden park field farm mountain hill valley cliff rock desert beach sea ocean wave lake river waterfall island volcano cave snow ice
glacier sky cloud rain storm lightning rainbow sunset sunrise night moon stars fog city street road bridge tunnel building skyscraper house
church castle tower temple market shop restaurant kitchen bedroom bathroom office library school hospital stadium station airport harbour
playground fountain statue museum stage car bus truck taxi ambulance tractor bicycle motorcycle train tram aeroplane helicopter balloon boat
ship canoe sail rocket skateboard surfing skiing snowboard swimming diving climbing running football basketball tennis baseball golf hockey
cycling dance concert guitar piano violin drum trumpet microphone person man woman child baby crowd family wedding party birthday portrait
face hand hair smile hat glasses dress shirt shoe jacket uniform umbrella bag breakfast pizza burger sandwich bread cake ice-cream chocolate
fruit apple banana orange strawberry grapes pineapple lemon vegetables tomato carrot broccoli salad soup pasta rice meat cheese egg coffee
tea wine beer glass cup bottle plate knife spoon table chair sofa bed lamp candle clock book newspaper painting map computer telephone camera
television keyboard robot toy doll kite tent fire fireworks lantern flag sign window door stairs fence wall roof`
    .split(/\s+/)
    .map((word) => word.replaceAll('-', ' '));
