/** What the fields of a `Community` are read from. */
export interface CommunitySource {
  readonly id: string;
}
