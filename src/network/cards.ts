/** Size of a layer's card on the canvas and the room around it, in points: below for handles, beside for the output's glyph. */
export const NODE_WIDTH = 236;
export const NODE_HEIGHT = 56;
export const ROW_GAP = 44;
export const COLUMN_GAP = 150;
