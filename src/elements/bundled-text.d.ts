/** Made by src/integrations/bundled-text.ts. */
declare module '*?bundled' {
  const text: string;
  export default text;
}
