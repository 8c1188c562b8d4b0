/** A form unchanged; otherwise JSON, or a form if a field has files. Fields without a value are left out of a form. */
export function writeBody(fields: unknown): string | FormData {
  if (fields instanceof FormData) return fields;
  const entries = Object.entries(fields as object);
  if (!entries.some(([, value]) => filesIn(value).length > 0)) return JSON.stringify(fields);
  const form = new FormData();
  for (const [name, value] of entries) {
    const files = filesIn(value);
    for (const file of files) form.append(name, file);
    if (files.length === 0 && value != null) form.append(name, String(value));
  }
  return form;
}

function filesIn(value: unknown): Blob[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((each) => each instanceof Blob);
}
