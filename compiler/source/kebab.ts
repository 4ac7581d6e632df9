/** How names of a .flow file look in Kubernetes and Kafka. */

/** `word_count` → `word-count`. */
export const kebab = (name: string): string => name.replaceAll("_", "-");

/** Two names with the same key would be hard to tell apart there, or be one name to a tool that trims. */
export const kebabKey = (name: string): string => name.toLowerCase().replace(/_+/g, "-").replace(/^-|-$/g, "");
