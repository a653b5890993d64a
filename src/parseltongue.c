/*
 * parseltongue.c
 *		Graph questions answered inside PostgreSQL.
 *
 * src/README tells how the parts fit together.
 */
#include "postgres.h"

#include "base/pt_guc.h"
#include "fmgr.h"
#include "image/image.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	pt_define_settings();
	image_registry_init();
	image_gone_init();
	image_want_init();
	image_start_init();
	image_scan_init();
}
