/*
 * sql_images.c
 *		pt_images: what is in shared memory, for those who look after a server.
 */
#include "postgres.h"

#include "commands/dbcommands.h"
#include "funcapi.h"
#include "image/image_registry.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_images);

enum
{
	COLUMN_DATABASE,
	COLUMN_INDEX,
	COLUMN_INDEX_NAME,
	COLUMN_STATE,
	COLUMN_BYTES,
	COLUMN_PLACE,
	COLUMN_SEGMENT,
	COLUMN_SEGMENT_BYTES,
	COLUMN_SESSIONS,
	COLUMN_USES,
	COLUMN_BUILT_AT,
	COLUMN_BUILD_TIME,
	COLUMN_LAST_USED,
	COLUMNS
};

/* NULL for what has been dropped, or is in another database. */
static char *
index_name(const ImageInfo *info)
{
	char	   *name = info->key.database == MyDatabaseId ? get_rel_name(info->index) : NULL;
	char	   *schema = name == NULL ? NULL :
		get_namespace_name(get_rel_namespace(info->index));

	return schema == NULL ? NULL : quote_qualified_identifier(schema, name);
}

static Datum
microseconds(int64 count)
{
	Interval   *interval = palloc0(sizeof(Interval));

	interval->time = count;
	return IntervalPGetDatum(interval);
}

/* A text, or NULL. */
static void
put_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	if (text != NULL)
		values[column] = CStringGetTextDatum(text);
}

static void
put_row(ReturnSetInfo *result, const ImageInfo *info)
{
	Datum		values[COLUMNS] = {0};
	bool		nulls[COLUMNS] = {false};
	bool		is_placed = info->segment >= 0;
	bool		is_built = info->built_at != 0;

	put_text(values, nulls, COLUMN_DATABASE, get_database_name(info->key.database));
	values[COLUMN_INDEX] = ObjectIdGetDatum(info->index);
	put_text(values, nulls, COLUMN_INDEX_NAME, index_name(info));
	put_text(values, nulls, COLUMN_STATE, info->state);
	put_text(values, nulls, COLUMN_PLACE,
			 !is_placed ? NULL : info->is_area ? "area" : "segment");
	values[COLUMN_BYTES] = Int64GetDatum((int64) info->bytes);
	values[COLUMN_SEGMENT] = Int32GetDatum(info->segment);
	values[COLUMN_SEGMENT_BYTES] = Int64GetDatum((int64) info->segment_bytes);
	values[COLUMN_SESSIONS] = Int32GetDatum(info->mapped);
	nulls[COLUMN_BYTES] = nulls[COLUMN_SEGMENT] = nulls[COLUMN_SEGMENT_BYTES] =
		nulls[COLUMN_SESSIONS] = !is_placed;
	values[COLUMN_USES] = Int32GetDatum(info->uses);
	values[COLUMN_BUILT_AT] = TimestampTzGetDatum(info->built_at);
	values[COLUMN_BUILD_TIME] = microseconds(info->cost);
	values[COLUMN_LAST_USED] = TimestampTzGetDatum(info->last_used);
	nulls[COLUMN_BUILT_AT] = nulls[COLUMN_BUILD_TIME] = nulls[COLUMN_LAST_USED] = !is_built;
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
pt_images(PG_FUNCTION_ARGS)
{
	ImageInfo  *infos;
	int			count = 0;

	InitMaterializedSRF(fcinfo, 0);
	image_registry_attach();
	if (image_registry_attached())
		count = image_registry_list(&infos);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_row((ReturnSetInfo *) fcinfo->resultinfo, &infos[i]);
	}
	return (Datum) 0;
}
