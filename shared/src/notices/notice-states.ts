/**
 * - `overtaken`: the hook did not accept it at once, and a newer one says more
 * - `dead`: given up; the hook did not accept it in time, or wants no more
 */
export type NoticeState = 'waiting' | 'delivered' | 'overtaken' | 'dead';
