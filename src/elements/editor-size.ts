/** What opening the editor transfers, as a button says it; a test of the built site weighs it. */
export const editorKilobytes = 190;
