/** The authors' words: the only door from content to the site. */
export { default as CategoryCards } from './CategoryCards.astro';
export { default as FinderBox } from './FinderBox.astro';
export { default as Forces } from './Forces.astro';
export { default as Libraries } from './Libraries.astro';
export { default as NearestPages } from './NearestPages.astro';
export { default as Plate } from './Plate.astro';
export { default as PostgresLab } from './PostgresLab.astro';
export { default as Ref } from './Ref.astro';
export { default as Related } from './Related.astro';
export { default as Reports } from './Reports.astro';
export { default as Simulator } from './Simulator.astro';
export { default as Snippet } from './Snippet.astro';
export { default as Sources } from './Sources.astro';
export { default as TellApart } from './TellApart.astro';
export { default as TradeOffs } from './TradeOffs.astro';
export { default as UseWhen } from './UseWhen.astro';
