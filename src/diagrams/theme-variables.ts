import { sentinel, type Token } from './colours.ts';

/** Mermaid's theme variables with every colour replaced by the stand-in of a token. */
export function themeVariables(defaults: Record<string, unknown>): Record<string, unknown> {
  return { ...withStandIns(defaults), fontSize: '14px', darkMode: false, useGradient: false, dropShadow: 'none' };
}

/** First match wins. */
const TOKEN_RULES: readonly (readonly [RegExp, Token])[] = [
  [/labelBoxBkg/, 'alt'],
  [/labelBoxBorder/, 'group-line'],
  [/^noteBkg/, 'note'],
  [/^noteText/, 'note-fg'],
  [/^noteBorder/, 'note-line'],
  [/activationBkg/, 'alt'],
  [/activationBorder/, 'line'],
  [/sequenceNumberColor/, 'bg'],
  [/^(crit|today|error)/i, 'danger'],
  [/edgeLabelBackground|labelBackground|relationLabelBackground|^background$|compositeBackground/i, 'bg'],
  [/innerEndBackground/, 'bg'],
  [/(Text|Label|title|text)\w*(Color|Fill)$|TextFill$|^textColor|^classText|^titleColor/i, 'fg'],
  [/clusterBorder|groupBorder|sectionBorder|altBorder|compositeBorder|labelBoxBorder/i, 'group-line'],
  [/clusterBkg|compositeTitleBackground|altBackground|altSection|sectionBkg|rectBkg|tertiaryColor/i, 'group'],
  [/attributeBackgroundColorEven|rowEven/i, 'alt'],
  [/attributeBackgroundColorOdd|rowOdd/i, 'bg'],
  [/(Border|Stroke|border2|Border\w*Color)$/i, 'node-line'],
  [/line|transition|signal|arrow|Edge|relation|actorLine|specialState|LinkColor/i, 'line'],
  [/./, 'node'],
];

const COLOUR = /^(#|rgb|hsl)|^(white|black|gr[ae]y|lightgr[ae]y|red|navy)$/i;

function withStandIns(defaults: Record<string, unknown>): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(defaults)) {
    if (isRecord(value)) variables[name] = withStandIns(value);
    else if (typeof value === 'string' && COLOUR.test(value)) variables[name] = sentinel(tokenFor(name));
  }
  return variables;
}

function tokenFor(name: string): Token {
  return TOKEN_RULES.find(([pattern]) => pattern.test(name))?.[1] ?? 'node';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
