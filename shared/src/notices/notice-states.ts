/**
 * - `overtaken`: dropped, because the hook did not accept it at once and a newer one is waiting
 * - `dead`: given up, because the hook did not accept it in time, or wants no more
 */
export type NoticeState = 'waiting' | 'delivered' | 'overtaken' | 'dead';
