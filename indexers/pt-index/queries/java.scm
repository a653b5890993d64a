(class_declaration name: (identifier) @name) @def.class
(record_declaration name: (identifier) @name) @def.class
(interface_declaration name: (identifier) @name) @def.interface
(annotation_type_declaration name: (identifier) @name) @def.interface
(enum_declaration name: (identifier) @name) @def.enum
(method_declaration name: (identifier) @name) @def.method
(constructor_declaration name: (identifier) @name) @def.method
(compact_constructor_declaration name: (identifier) @name) @def.method
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @def.capitals

(method_invocation name: (identifier) @call.name) @call.in
(method_reference) @call
(object_creation_expression type: (_) @call)
(superclass (_) @base)
(super_interfaces (type_list (_) @trait))
(extends_interfaces (type_list (_) @base))
(type_identifier) @type
(marker_annotation name: (_) @type)
(annotation name: (_) @type)
(identifier) @constant
(import_declaration (scoped_identifier) @import)
(enum_constant name: (identifier) @nothing)
