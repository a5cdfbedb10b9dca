/** What every preview picture measures, in pixels: what chats and search engines take without cutting. src/pictures draws them so. */
export const previewWidth = 1200;
export const previewHeight = 630;
