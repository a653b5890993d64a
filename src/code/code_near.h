/*
 * code_near.h
 *		What has to be read of a codebase so that some references mean what they mean in
 *		all of it.
 */
#ifndef CODE_NEAR_H
#define CODE_NEAR_H

#include "code/code_steps.h"

/* What is read of an entity e, in this order. */
#define CODE_ENTITY_COLUMNS \
	"e.key::text, e.name::text, e.entity_type::text, e.language::text, e.file_path::text, " \
	"e.properties ->> 'linkage' = 'static', e.properties ->> 'scope', e.properties ->> 'returns', " \
	"(e.properties -> 'fields')::jsonb, e.properties ->> 'qualified' = 'true', e.line_start::integer, " \
	"(e.properties -> 'bases')::jsonb, " \
	"e.properties ->> 'arity', e.properties ->> 'parameters', e.properties ->> 'opens'"

/*
 * For the references in pt_reference: rows of entities in pt_near, of these columns;
 * in pt_base edges that tell bases of types; and in pt_importer keys of entities whose
 * imports count. Within SPI, under the snapshot that is to be read. Error 53400
 * beyond the budget. Costs what is found.
 */
extern void code_near_read(CodeSteps *steps);

#endif							/* CODE_NEAR_H */
