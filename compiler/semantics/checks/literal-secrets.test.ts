import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("finds passwords in options, nested ones too, and in URLs and headers", () => {
  expectMarked(`
pipeline p { kafka { brokers: ["kafka:9092"], tls: true, sasl: { username: secret("k", "user"), password: "hunter2" } } }
//                                                                                                        ^^^^^^^^^ warning FLOW5006: 'password' is a secret and stands here for all to read. Refer to it: secret("name", "key").
source orders { kafka { topic: "orders" } }
sink a from orders { http { url: "https://app:hunter2@example.org/in" } }
//                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning FLOW5006: 'url' is a secret and stands here for all to read. Refer to it: secret("name", "key").
sink b from orders { http { url: "https://example.org/in", headers: { Authorization: "Bearer abc", Accept: "text/plain" } } }
//                                                                                   ^^^^^^^^^^^^ warning FLOW5006: 'Authorization' is a secret and stands here for all to read. Refer to it: secret("name", "key").
`);
});

it("finds one that hides in a param", () => {
  expectMarked(`
param url: string = "postgres://app:hunter2@db/app"
source orders { db { url: url, table: "orders" } }
//                        ^^^ warning FLOW5006: 'url' is a secret and stands here for all to read. Refer to it: secret("name", "key").
sink out from orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }
`);
});
