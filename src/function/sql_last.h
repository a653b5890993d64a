/*
 * sql_last.h
 *		What the session's last walk has done.
 */
#ifndef SQL_LAST_H
#define SQL_LAST_H

#include "function/sql_graph.h"

/*
 * Note what a call has done that is about to close its graph, for pt_last_walk.
 * Of calls within calls the outer one comes last.
 */
extern void sql_note_walk(const SqlGraph *graph);

/* How SQL calls what it took to have an image. */
extern const char *sql_origin_name(ImageOrigin origin);

#endif							/* SQL_LAST_H */
