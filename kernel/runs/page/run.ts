export interface Summary {
  last: number | string;
  min: number | string;
  max: number | string;
}

/** A run as the server lists it. */
export interface Run {
  id: string;
  name: string;
  status: string;
  reason?: string;
  started: string;
  duration: number;
  tags: string[];
  params: Record<string, string | number | boolean | null>;
  metrics: Record<string, Summary>;
}
