import type { MermaidConfig } from 'mermaid';
import { themeVariables } from './theme-variables.ts';

/** One configuration for every diagram of the site. What `secure` lists, a diagram cannot change. */
export function mermaidConfig(defaultVariables: Record<string, unknown>): MermaidConfig {
  return {
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    deterministicIds: true,
    deterministicIDSeed: 'dg',
    handDrawnSeed: 1,
    ...PLAIN,
    layout: 'dagre',
    htmlLabels: true,
    fontFamily: FONT,
    fontSize: 14,
    maxTextSize: 20_000,
    maxEdges: 200,
    themeVariables: themeVariables(defaultVariables),
    secure: SECURE,
    // Mermaid 12 gives each diagram type its own theme and look, which outrank the top level.
    flowchart: { ...PLAIN, ...ELK, htmlLabels: true, padding: 12, wrappingWidth: 150, useMaxWidth: true },
    state: { ...PLAIN, ...ELK, padding: 10 },
    sequence: {
      ...PLAIN,
      wrap: true,
      width: 116,
      height: 40,
      actorMargin: 28,
      messageMargin: 30,
      mirrorActors: false,
      wrapPadding: 6,
      boxMargin: 8,
      noteMargin: 10,
      diagramMarginX: 8,
      diagramMarginY: 8,
      actorFontFamily: FONT,
      noteFontFamily: FONT,
      messageFontFamily: FONT,
    },
    class: { ...PLAIN, hideEmptyMembersBox: true },
    er: { ...PLAIN },
  } as MermaidConfig;
}

const FONT = 'IBM Plex Sans, sans-serif';

const PLAIN = { theme: 'base', look: 'classic' } as const;

const ELK = { layout: 'elk', nodeSpacing: 32, rankSpacing: 36, minNodeWidth: 64 } as const;

const SECURE = [
  'secure',
  'securityLevel',
  'startOnLoad',
  'maxTextSize',
  'maxEdges',
  'suppressErrorRendering',
  'theme',
  'look',
  'themeVariables',
  'themeCSS',
  'fontFamily',
  'altFontFamily',
  'fontSize',
  'htmlLabels',
];
