(function_item name: (identifier) @name) @def.function
(function_signature_item name: (identifier) @name) @def.function
(struct_item name: (type_identifier) @name) @def.struct
(enum_item name: (type_identifier) @name) @def.enum
(union_item name: (type_identifier) @name) @def.union
(trait_item name: (type_identifier) @name) @def.trait
(type_item name: (type_identifier) @name) @def.typedef
(impl_item type: (_) @name) @def.impl
(mod_item name: (identifier) @name body: (_)) @def.module
(macro_definition name: (identifier) @name) @def.macro
(const_item name: (identifier) @name) @def.constant
(static_item name: (identifier) @name) @def.constant

(call_expression function: (_) @call)
(macro_invocation macro: (_) @call)
(token_tree (identifier) @call.token . (token_tree))
(impl_item trait: (_) @trait)
(trait_item bounds: (trait_bounds (_) @base))
(type_identifier) @type
(identifier) @constant
(use_declaration argument: [(identifier) (scoped_identifier)] @import)
(use_declaration argument: (use_as_clause path: (_) @import))
(use_declaration argument: (use_wildcard (_) @import))
(use_declaration argument: (scoped_use_list path: (_) @import list: (use_list [(identifier) (scoped_identifier)] @import.name)))
(use_declaration argument: (scoped_use_list path: (_) @import list: (use_list (scoped_use_list path: (_) @import.name))))
(use_declaration argument: (scoped_use_list path: (_) @import list: (use_list (use_as_clause path: (_) @import.name))))

(arguments [(identifier) (scoped_identifier)] @value)
(reference_expression value: [(identifier) (scoped_identifier)] @value)
(field_initializer value: [(identifier) (scoped_identifier)] @value)
(shorthand_field_initializer (identifier) @value)
(let_declaration value: [(identifier) (scoped_identifier)] @value)
(array_expression [(identifier) (scoped_identifier)] @value)
(tuple_expression [(identifier) (scoped_identifier)] @value)
(return_expression [(identifier) (scoped_identifier)] @value)
(match_arm value: [(identifier) (scoped_identifier)] @value)
(closure_expression body: [(identifier) (scoped_identifier)] @value)
(assignment_expression right: [(identifier) (scoped_identifier)] @value)
(static_item value: [(identifier) (scoped_identifier)] @value)
(const_item value: [(identifier) (scoped_identifier)] @value)
(type_cast_expression value: [(identifier) (scoped_identifier)] @value)
(block [(identifier) (scoped_identifier)] @value .)

(parameter pattern: (identifier) @bind)
(closure_parameters (identifier) @bind)
(let_declaration pattern: (identifier) @bind)
(let_condition pattern: (identifier) @bind)
(for_expression pattern: (identifier) @bind)
(match_pattern (identifier) @bind)
(tuple_pattern (identifier) @bind)
(tuple_struct_pattern type: (_) (identifier) @bind)
(slice_pattern (identifier) @bind)
(captured_pattern (identifier) @bind)
(reference_pattern (identifier) @bind)
(ref_pattern (identifier) @bind)
(mut_pattern (identifier) @bind)
(field_pattern name: (shorthand_field_identifier) @bind)
(field_pattern pattern: (identifier) @bind)
