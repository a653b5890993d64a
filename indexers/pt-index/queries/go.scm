(function_declaration name: (identifier) @name) @def.function
(method_declaration receiver: (parameter_list (parameter_declaration type: [
  (type_identifier) @scope
  (generic_type type: (type_identifier) @scope)
  (pointer_type [(type_identifier) @scope (generic_type type: (type_identifier) @scope)])])) name: (field_identifier) @name) @def.method
(method_elem name: (field_identifier) @name) @def.method
(type_spec name: (type_identifier) @name type: (struct_type)) @def.struct
(type_spec name: (type_identifier) @name type: (interface_type)) @def.interface
(type_spec name: (type_identifier) @name) @def.typedef
(type_alias name: (type_identifier) @name) @def.typedef
(source_file (const_declaration (const_spec name: (identifier) @name) @def.constant))

(call_expression function: (_) @call)
(call_expression function: (type_instantiation_expression type: (_) @call))
(call_expression function: (index_expression operand: (_) @call))
(type_conversion_expression type: (generic_type type: (_) @call))
(field_declaration_list (field_declaration !name type: (_) @base))
(interface_type (type_elem . [(type_identifier) (qualified_type)] @base .))
(qualified_type) @type
(type_identifier) @type
(import_spec path: (_) @import)
