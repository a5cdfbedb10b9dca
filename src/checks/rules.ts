/** All rules, by id. */
import type { Rule } from './rule.ts';
import { betweenEntries } from './rules/between-entries.ts';
import { comparison } from './rules/comparison.ts';
import { comparisonsRule } from './rules/comparisons-file.ts';
import { componentAttributes } from './rules/component-attributes.ts';
import { derivedParts } from './rules/derived-parts.ts';
import { diagramCount } from './rules/diagram-count.ts';
import { diagramSyntax } from './rules/diagram-syntax.ts';
import { diagramText } from './rules/diagram-text.ts';
import { exampleParts } from './rules/example-parts.ts';
import { fewBenchmarkQuestions } from './rules/few-benchmark-questions.ts';
import { fewSources } from './rules/few-sources.ts';
import { fixedHeadings } from './rules/fixed-headings.ts';
import { glyphForm, missingGlyph } from './rules/glyph.ts';
import { glossaryRule } from './rules/glossary-file.ts';
import { idleSource } from './rules/idle-source.ts';
import { idleTerm } from './rules/idle-term.ts';
import { inlineHtml } from './rules/inline-html.ts';
import { internalLink } from './rules/internal-link.ts';
import { lostAddress } from './rules/lost-address.ts';
import { lostPlace } from './rules/lost-place.ts';
import { markdown } from './rules/markdown.ts';
import { mdxSyntax } from './rules/mdx-syntax.ts';
import { notYaml } from './rules/not-yaml.ts';
import { ofTheFinderFiles } from './rules/of-the-finder-files.ts';
import { ofTheSchema } from './rules/of-the-schema.ts';
import { ownExample } from './rules/own-example.ts';
import { pageStatus } from './rules/page-status.ts';
import { pageTitle } from './rules/page-title.ts';
import { pastedProgram } from './rules/pasted-program.ts';
import { ofRedirects } from './rules/redirects.ts';
import { reference } from './rules/reference.ts';
import { sellingWords } from './rules/selling-words.ts';
import { sentencePerLine } from './rules/sentence-per-line.ts';
import { sentenceTwice } from './rules/sentence-twice.ts';
import { snippet } from './rules/snippet.ts';
import { spelling } from './rules/spelling.ts';
import { symptomFindsAnother, symptomFindsNoCandidate } from './rules/symptoms-found.ts';
import { templateWords } from './rules/template-words.ts';
import { trailingSlash } from './rules/trailing-slash.ts';
import { typescriptCode } from './rules/typescript-code.ts';
import { unansweredPattern } from './rules/unanswered-pattern.ts';
import { unknownComponent } from './rules/unknown-component.ts';
import { unopenedSource } from './rules/unopened-source.ts';
import { unusedSource } from './rules/unused-source.ts';
import { ofVersions } from './rules/versions.ts';
import { wordCount } from './rules/word-count.ts';
import { wordListRule } from './rules/word-list.ts';

export const rules: readonly Rule[] = [
  ...betweenEntries,
  ...ofRedirects,
  ...ofTheFinderFiles,
  ...ofTheSchema,
  ...ofVersions,
  comparison,
  comparisonsRule,
  componentAttributes,
  derivedParts,
  diagramCount,
  diagramSyntax,
  diagramText,
  exampleParts,
  fewBenchmarkQuestions,
  fewSources,
  fixedHeadings,
  glossaryRule,
  glyphForm,
  idleSource,
  idleTerm,
  inlineHtml,
  internalLink,
  lostAddress,
  lostPlace,
  markdown,
  mdxSyntax,
  missingGlyph,
  notYaml,
  ownExample,
  pageStatus,
  pageTitle,
  pastedProgram,
  reference,
  sellingWords,
  sentencePerLine,
  sentenceTwice,
  snippet,
  spelling,
  symptomFindsAnother,
  symptomFindsNoCandidate,
  templateWords,
  trailingSlash,
  typescriptCode,
  unansweredPattern,
  unknownComponent,
  unopenedSource,
  unusedSource,
  wordCount,
  wordListRule,
].sort((a, b) => (a.id < b.id ? -1 : 1));
