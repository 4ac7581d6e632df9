/** The options of a `kafka` clause as a connection: what is refused before anybody is asked. */
import { describe, expect, it } from "vitest";
import { connectionOf } from "./connection-of.ts";

const withTls = (tls: Readonly<Record<string, string>>) => () => connectionOf({ brokers: ["k:9092"], tls }, "test");

describe("a certificate", () => {
  it.each(["ca", "cert"])("as `tls %s` that is none is refused by that name", (name) => {
    for (const junk of ["junk", "", "/etc/ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
      expect(withTls({ [name]: junk })).toThrow(`What is given as \`tls ${name}\` is no PEM certificate.`);
  });
  it("is taken as it is", () => {
    expect(withTls({ ca: certificate })().tls).toEqual({ ca: certificate });
  });
});

const certificate = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUUe49kiTP2H0kBd300qSSdpv5PS8wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjMxOTI1MjhaGA8yMTI2MTAzMDE5MjUy
OFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABG+0
12p0OgR0k9kiIEBhhTfVpHF2YaqQ+sM0iB8bR2TbzeQADybAarxRMItVWD+Vqsov
ofi3D6bkbgW4IlsqcDmjUzBRMB0GA1UdDgQWBBSW5jd9n+yJNZrCdkt6/yEAUn8z
SDAfBgNVHSMEGDAWgBSW5jd9n+yJNZrCdkt6/yEAUn8zSDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCoiwAsWcob+ym9B/7cdZvCytOB5XgL0STt
3if3zGKaWgIgO0MWpKmY4cRPJiZBqB/GH1A5hVzd2nrKTfOlA9aY+Ro=
-----END CERTIFICATE-----
`;
