import { Cluster } from "/work/main/runtime/kafka/native/cluster.ts";
import { readFileSync } from "node:fs";
import type { KafkaConnection } from "/work/main/runtime/kafka/client.ts";
const log={info:console.log,warn:console.log};
const S=readFileSync("/tmp/h2-secure/bootstrap-secure","utf8").trim(), P=readFileSync("/tmp/h2-secure/bootstrap","utf8").trim();
const ca=readFileSync("/tmp/h2-secure/ca.pem","utf8");
const sasl={mechanism:"scram-sha-256",username:"test",password:"test"} as const;
const cases: Record<string, Partial<KafkaConnection>&{brokers:string[]}> = {
 good:{brokers:[S],tls:{ca},sasl},
 localhost:{brokers:[S.replace("127.0.0.1","localhost")],tls:{ca},sasl},
 wrongPassword:{brokers:[S],tls:{ca},sasl:{...sasl,password:"no"}},
 wrongUser:{brokers:[S],tls:{ca},sasl:{...sasl,username:"no"}},
 wrongMechanism:{brokers:[S],tls:{ca},sasl:{...sasl,mechanism:"plain"}},
 wrongMechanism512:{brokers:[S],tls:{ca},sasl:{...sasl,mechanism:"scram-sha-512"}},
 systemCa:{brokers:[S],tls:{},sasl},
 noSasl:{brokers:[S],tls:{ca}},
 nothing:{brokers:[S]},
 saslOnly:{brokers:[S],sasl},
 tlsToPlain:{brokers:[P],tls:{ca}},
 saslToPlain:{brokers:[P],sasl},
 badCa:{brokers:[S],tls:{ca:"hello"},sasl},
 badKey:{brokers:[S],tls:{ca,cert:"x",key:"y"},sasl},
 unreachable:{brokers:["10.255.255.1:9092"]},
 badAddress:{brokers:["a:b:c"]},
 badPort:{brokers:["127.0.0.1:99999"]},
 controller:{brokers:["127.0.0.1:1"]},
};
for (const [name,c] of Object.entries(cases)) {
  const t=performance.now();
  try { const cl=await Cluster.open({clientId:"h2",...c},{log,openForMs:3000}); console.log(name,"OPEN", await cl.coordinator("group","x").catch(e=>e.message)); await cl.close(); }
  catch(e) { const k=e as any; console.log(name,k.kind,k.retryable,k.message); if(!k.kind) console.log(e); }
  console.log(Math.round(performance.now()-t)+" ms");
}
