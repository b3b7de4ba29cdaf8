/** Words that say nothing about what is to be seen. */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the of in on at and with to is are be was were been being am it its his her hers their theirs this that these those
  for by from as into up out over or but nor not no if then than so too very just also only two one three some any each
  every all both while he she i you we me him us them they my your our mine yours ours there here another other others such
  which who whom whose what when where why how has have had having do does did doing s t d m re ll ve don can could will
  would shall should may might must through near next front again ever never yes ok etc via per`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
