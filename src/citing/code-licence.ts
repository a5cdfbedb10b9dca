/** What goes along with code that a reader takes: one line above it, in words that tools know. */
export const codeLicence = '// SPDX-License-Identifier: MIT';
export const codeCopyright = '// SPDX-FileCopyrightText: 2026 The Pattern Atlas authors';
