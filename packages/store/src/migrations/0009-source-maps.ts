/** Maps of minified files, by release; what they hold are artifacts. */
export const SOURCE_MAPS = `
CREATE TABLE fixpoint.source_maps (
  service     text NOT NULL,
  release     text NOT NULL,
  file        text NOT NULL,
  debug_id    text,
  map         text COLLATE "C" NOT NULL,
  uploaded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (service, release, file)
);
CREATE INDEX source_maps_by_debug_id ON fixpoint.source_maps (debug_id) WHERE debug_id IS NOT NULL;
`
