/*
 * pt_guc.h
 *		Settings.
 */
#ifndef PT_GUC_H
#define PT_GUC_H

extern int	pt_shared_image_memory; /* kB, for all images of the server */
extern int	pt_local_image_memory;	/* kB, for images and walks of a session */
extern int	pt_debug_hash_bits;

extern const char *pt_default_graph_name(void);
extern void pt_define_settings(void);

#endif							/* PT_GUC_H */
