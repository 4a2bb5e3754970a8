// Package pki makes a certificate Authority and what it signs, for one run.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Authority signs every certificate of one run; it lives as long as the run's folder.
type Authority struct {
	folder string
	cert   *x509.Certificate
	key    crypto.Signer
}

// NewAuthority makes a new authority whose files lie in the folder, its own as ca.crt and ca.key.
func NewAuthority(folder string) (*Authority, error) {
	a := &Authority{folder: folder}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	template := certificate(pkix.Name{CommonName: "asky-gitops-e2e"})
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage |= x509.KeyUsageCertSign
	key, der, err := a.sign(template, nil)
	if err != nil {
		return nil, err
	}
	a.key = key
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	return a, a.write("ca", key, der)
}

// Issue writes NAME.crt and NAME.key for a user (common name and groups) or, with addresses, for a server.
func (a *Authority) Issue(name, user string, groups []string, addresses ...string) error {
	template := certificate(pkix.Name{CommonName: user, Organization: groups})
	for _, address := range addresses {
		if ip := net.ParseIP(address); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, address)
		}
	}
	key, der, err := a.sign(template, a.cert)
	if err != nil {
		return err
	}
	return a.write(name, key, der)
}

func certificate(subject pkix.Name) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}

// sign makes a key and has parent sign its certificate; without a parent it is self-signed.
func (a *Authority) sign(template, parent *x509.Certificate) (crypto.Signer, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	signer := a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	return key, der, err
}

func (a *Authority) write(name string, key crypto.Signer, der []byte) error {
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	for suffix, block := range map[string]*pem.Block{
		".key": {Type: "PRIVATE KEY", Bytes: private},
		".pub": {Type: "PUBLIC KEY", Bytes: public},
		".crt": {Type: "CERTIFICATE", Bytes: der},
	} {
		if err := os.WriteFile(a.File(name, suffix), pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// File returns where the key (.key), the public key (.pub) or the certificate (.crt) of NAME lies.
func (a *Authority) File(name, suffix string) string {
	return filepath.Join(a.folder, name+suffix)
}
