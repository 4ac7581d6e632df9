import { Cluster } from "/work/main/runtime/kafka/h2ab/cluster.ts";
import { Fetcher } from "/work/main/runtime/kafka/h2ab/fetcher.ts";
import { openNativeClient } from "/work/main/runtime/kafka/h2ab/native-client.ts";
import { RecordBatchWriter } from "/work/main/runtime/kafka/codec/record-batch-writer.ts";
import { readFileSync, existsSync, writeFileSync } from "node:fs";
const B=readFileSync("/tmp/h2-bench/bootstrap","utf8").trim();
const N=2_000_000, P=4;
const perBatch=Number(process.env.BATCH??"1000");
const topic="h2-bench-"+perBatch;
const client=await openNativeClient({brokers:[B],clientId:"b"});
if(await client.partitionsOf(topic)===undefined){
  const producer=await client.producer({});
  const value='{"id":"0123456789","source":"/shop/orders","type":"order.created","time":"2026-01-01T00:00:00Z","data":{"amount":12.5,"currency":"EUR","customer":"c-123456","items":[1,2,3],"note":"xxxx'.padEnd(184,"x")+'"}';
  let t=performance.now(), c=process.cpuUsage();
  const writers=Array.from({length:P},()=>new RecordBatchWriter());
  for(let sent=0;sent<N;){
    for(const w of writers){w.reset();for(let i=0;i<perBatch;i++){w.add(null,value,Date.now());}sent+=perBatch;}
    await producer.send(writers.map((records,partition)=>({topic,partition,records})));
  }
  const u=process.cpuUsage(c); console.log("produced",value.length,"µs/msg",(u.user+u.system)/N, "kmsg/s", N/(performance.now()-t));
  await producer.close();
}
await client.close();
const cluster=await Cluster.open({brokers:[B],clientId:"b"});
for(let round=0;round<Number(process.env.ROUNDS??"4");round++){
  const f=new Fetcher(cluster);
  const t=performance.now(), c=process.cpuUsage();
  let blocks=0;
  const counts=await Promise.all([0,1,2,3].map(async partition=>{
    const r=f.open({topic,partition,offset:0}); let n=0;
    while(n<N/P){const b=r.pull(); const block=b instanceof Promise?await b:b; n+=block!.count; blocks++;}
    return n;
  }));
  const u=process.cpuUsage(c); const sum=counts.reduce((a,b)=>a+b);
  console.log(sum,"blocks",blocks,"µs/msg",((u.user+u.system)/sum).toFixed(3),"user",(u.user/sum).toFixed(3),"sys",(u.system/sum).toFixed(3),"kmsg/s",(sum/(performance.now()-t)).toFixed(0),"rss",(process.memoryUsage().rss/1e6).toFixed(0));
  await f.close();
}
await cluster.close();
