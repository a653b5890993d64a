/*
 * node.h
 *		Nodes of a syntax tree, by what they are called.
 */
#ifndef NODE_H
#define NODE_H

#include "scan.h"

#include <string.h>

static inline Span
node_text(const Scan *scan, TSNode node)
{
	uint32_t	start = ts_node_start_byte(node);

	return (Span) {scan->content.bytes + start, ts_node_end_byte(node) - start};
}

static inline TSNode
child_field(TSNode node, const char *name)
{
	return ts_node_child_by_field_name(node, name, strlen(name));
}

static inline bool
has_type(TSNode node, const char *type)
{
	return strcmp(ts_node_type(node), type) == 0;
}

#endif							/* NODE_H */
