(function_definition name: (_) @name) @def.function
(function_declaration name: (_) @name) @def.function
(class_definition name: (_) @name) @def.class
(object_definition name: (_) @name) @def.object
(package_object name: (_) @name) @def.object
(template_body (val_definition pattern: (identifier) @name) @def.capitals)
(trait_definition name: (_) @name) @def.trait
(enum_definition name: (_) @name) @def.enum
(type_definition name: (_) @name) @def.typedef

(call_expression function: (_) @call)
(instance_expression (type_identifier) @call)
(instance_expression (generic_type type: (_) @call))
(extends_clause (type_identifier) @base)
(extends_clause (generic_type type: (_) @base))

(type_identifier) @type
(identifier) @constant
(import_declaration) @import
