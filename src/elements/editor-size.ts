/** What opening the editor and the first run transfer, with gzip, as a button says it; a test of the built site weighs it. */
export const editorKilobytes = 205;
