/** The pieces of a name between which a line may break: a path is not cut within a folder's name. */
export function breaks(name: string): readonly string[] {
  return name.match(/[^/\\]*[/\\]+|[^/\\]+$/g) ?? [name];
}
