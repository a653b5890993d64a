/*
 * pt_guc.h
 *		Settings. The server changes the variables, between two statements or
 *		when a function sets them: read them when they are needed.
 */
#ifndef PT_GUC_H
#define PT_GUC_H

extern int	pt_shared_image_memory; /* kB, for all images of the server */
extern int	pt_local_image_memory;	/* kB, for a session's images; for a call */
extern int	pt_debug_hash_bits;		/* of the hash in indexes built from now on */
extern char *pt_graph;			/* default graph as SCHEMA.NAME, or empty */

/* Define them all. Once, when the library is loaded. */
extern void pt_define_settings(void);

#endif							/* PT_GUC_H */
